/** Finds a person by any identity. */
import './profiles.css';
import '../ui/parts.css';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { usePageTitle } from '../app/use-page-title.ts';
import { useMessages } from '../messages/language.tsx';
import { NAMESPACES } from '../segment-detail/AskForm.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import { forgetPeople, recentPeople } from './recent-people.ts';
import { useProfileMessages } from './use-profile-messages.ts';

export function LookUpPage() {
  const { app } = useMessages();
  const words = useProfileMessages();
  usePageTitle(app.profiles);
  const navigate = useNavigate();
  const [ns, setNs] = useState('Email');
  const [id, setId] = useState('');
  const [recent, setRecent] = useState(recentPeople);
  return (
    <div className="page">
      <h1>{app.profiles}</h1>
      <Card title={words.lookUp}>
        <p className="muted">{words.lookUpWhat}</p>
        <form
          className="look-up"
          aria-label={words.lookUp}
          onSubmit={(event) => {
            event.preventDefault();
            void navigate({ to: '/profiles/$ns/$value', params: { ns: ns.trim(), value: id.trim() } });
          }}
        >
          <TextBox label={words.namespace} value={ns} onChange={setNs} choices={NAMESPACES} required />
          <TextBox label={words.id} value={id} onChange={setId} required />
          <Button type="submit" look="primary" label={words.go} />
        </form>
      </Card>
      {recent.length > 0 && (
        <Card
          title={words.recent}
          actions={
            <Button
              look="quiet"
              size="small"
              label={words.forget}
              onPress={() => {
                forgetPeople();
                setRecent([]);
              }}
            />
          }
        >
          <ul className="stack">
            {recent.map((person) => (
              <li key={`${person.ns}:${person.id}`} className="line">
                <PageLink
                  to="/profiles/$ns/$value"
                  params={{ ns: person.ns, value: person.id }}
                  look="text"
                  label={person.id}
                />
                <span className="muted">{person.ns}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}
