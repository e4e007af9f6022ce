import { Link } from '@tanstack/react-router';
import { Icon, type IconName } from './Icon.tsx';

interface Props {
  readonly to: '/segments/new' | '/segments';
  readonly label: string;
  readonly icon?: IconName;
  readonly keys?: string;
  readonly look?: 'plain' | 'primary';
}

/** Goes somewhere, and looks like what does something. */
export function ButtonLink({ to, label, icon, keys, look = 'plain' }: Props) {
  return (
    <Link to={to} className={`button link ${look}`}>
      {icon !== undefined && <Icon name={icon} />}
      {label}
      {keys !== undefined && (
        <span className="keys" aria-hidden="true">
          {keys}
        </span>
      )}
    </Link>
  );
}
