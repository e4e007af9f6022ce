import { Link } from '@tanstack/react-router';
import { useMessages } from '../messages/language.tsx';
import { TEMPLATE_NAMES } from '../segment-builder/templates.ts';

/** Worked examples, which open in the builder. */
export function TemplateCards() {
  const { templates } = useMessages();
  return (
    <ul className="templates">
      {TEMPLATE_NAMES.map((name) => (
        <li key={name}>
          <Link to="/segments/new" search={{ template: name }} className="template">
            <strong>{templates[name].name}</strong>
            <span className="muted">{templates[name].about}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
