import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Icon, type IconName } from './Icon.tsx';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly look?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'small';
  readonly icon?: IconName;
  /** Without a label the icon needs an `aria-label`. */
  readonly label?: string;
  readonly keys?: string;
  readonly className?: string;
}

export function Button({ look = 'plain', size, icon, label, keys, className, ...props }: ButtonProps) {
  const names = ['button', look, size, label === undefined && icon !== undefined ? 'icon' : undefined, className];
  return (
    <AriaButton {...props} className={names.filter(Boolean).join(' ')}>
      {icon !== undefined && <Icon name={icon} />}
      {label}
      {keys !== undefined && (
        <span className="keys" aria-hidden="true">
          {keys}
        </span>
      )}
    </AriaButton>
  );
}
