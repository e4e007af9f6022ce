/** What a reader chose for this browser, and what their token lets them do. */
import '../ui/parts.css';
import { useQuery } from '@tanstack/react-query';
import type { CallerPermissions } from '#shared/api/permissions.ts';
import type { Density, Language, Theme } from '../app/preferences.ts';
import { useSurroundings } from '../app/surroundings.tsx';
import { usePageTitle } from '../app/use-page-title.ts';
import { settings as en } from '../messages/en-settings.ts';
import { settings as ko } from '../messages/ko-settings.ts';
import { useMessages, useSpeech } from '../messages/language.tsx';
import { useAreaMessages } from '../messages/use-area-messages.ts';
import { Card } from '../ui/Card.tsx';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const DENSITIES: readonly Density[] = ['comfortable', 'compact'];
const LANGUAGES: readonly (readonly [Language, string])[] = [
  ['en', 'English'],
  ['ko', '한국어'],
];

export function SettingsPage() {
  const { app } = useMessages();
  const words = useAreaMessages({ en, ko });
  usePageTitle(app.settings);
  const { config, api, preferences, prefer, chooseSandbox } = useSurroundings();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="page">
      <h1>{app.settings}</h1>
      <p className="muted">{words.kept}</p>
      <div className="cards">
        <Choices
          name="language"
          title={app.language}
          choices={LANGUAGES}
          value={preferences.language}
          onChoose={(language) => prefer({ language })}
        />
        <Choices
          name="theme"
          title={app.theme}
          choices={THEMES.map((theme) => [theme, app.themes[theme]])}
          value={preferences.theme}
          onChoose={(theme) => prefer({ theme })}
        />
        <Choices
          name="density"
          title={app.density}
          choices={DENSITIES.map((density) => [density, app.densities[density]])}
          value={preferences.density}
          onChoose={(density) => prefer({ density })}
        />
        <Choices
          name="sandbox"
          title={app.sandbox}
          about={words.sandboxAbout}
          choices={config.sandboxes.map((name) => [name, name])}
          value={api.sandbox}
          onChoose={chooseSandbox}
        />
        <Card title={words.zone}>
          <p>{words.zoneAbout(zone)}</p>
        </Card>
        <RolesCard />
      </div>
    </div>
  );
}

interface ChoicesProps<Value extends string> {
  readonly name: string;
  readonly title: string;
  readonly about?: string;
  readonly choices: readonly (readonly [Value, string])[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

function Choices<Value extends string>({ name, title, about, choices, value, onChoose }: ChoicesProps<Value>) {
  return (
    <fieldset className="card choices">
      <legend>{title}</legend>
      {about !== undefined && <p className="muted">{about}</p>}
      {choices.map(([choice, label]) => (
        <label key={choice} className="choice">
          <input type="radio" name={name} checked={choice === value} onChange={() => onChoose(choice)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function RolesCard() {
  const words = useAreaMessages({ en, ko });
  const { list } = useSpeech();
  const { api } = useSurroundings();
  const { data } = useQuery({
    queryKey: ['permissions'],
    queryFn: ({ signal }) => api.request<CallerPermissions>('GET', '/permissions', { signal }),
  });
  if (data === undefined) return null;
  return (
    <Card title={words.roles}>
      <p>{data.roles.length === 0 ? words.noRole : words.rolesAre(list(data.roles))}</p>
    </Card>
  );
}
