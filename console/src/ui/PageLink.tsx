import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import { Icon, type IconName } from './Icon.tsx';

interface Props extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'className' | 'children'> {
  readonly label: string;
  readonly icon?: IconName;
  readonly look?: 'plain' | 'primary' | 'quiet' | 'back' | 'text';
  readonly size?: 'small';
  readonly ref?: Ref<HTMLAnchorElement>;
}

function Anchor({ label, icon, look = 'plain', size, ref, ...props }: Props) {
  const isButton = look !== 'back' && look !== 'text';
  const names = [isButton ? 'button link' : '', look === 'text' ? 'text-link' : look, size];
  return (
    <a {...props} ref={ref} className={names.filter(Boolean).join(' ')}>
      {icon !== undefined && <Icon name={icon} />}
      {label}
    </a>
  );
}

/** A link to any page, typed by the routes, that looks like a button, a way back or plain text. */
export const PageLink = createLink(Anchor);
