/** A menu below its button: actions, or one choice of several. */
import type { ReactElement, ReactNode } from 'react';
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  Header,
  Keyboard,
  type MenuItemProps,
  type MenuProps,
  MenuSection,
  MenuTrigger,
  Separator,
} from 'react-aria-components/Menu';
import { Popover, type PopoverProps } from 'react-aria-components/Popover';
import { Icon } from './Icon.tsx';

interface Props extends Omit<MenuProps<object>, 'className' | 'children'> {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly placement?: PopoverProps['placement'];
  readonly children: ReactNode;
}

export function Menu({ trigger, label, placement = 'bottom start', children, ...props }: Props) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover" placement={placement} offset={4}>
        <AriaMenu {...props} aria-label={label} className="menu">
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

interface ItemProps extends Omit<MenuItemProps, 'className' | 'children'> {
  readonly label: string;
  readonly keys?: string;
  readonly about?: string;
  readonly danger?: boolean;
}

export function MenuItem({ label, keys, about, danger, ...props }: ItemProps) {
  return (
    <AriaMenuItem {...props} textValue={label} className={danger ? 'menu-item danger' : 'menu-item'}>
      <span className="check">
        <Icon name="check" />
      </span>
      <span>{label}</span>
      {keys === undefined ? <span /> : <Keyboard>{keys}</Keyboard>}
      {about !== undefined && <span className="about">{about}</span>}
    </AriaMenuItem>
  );
}

export function MenuGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <MenuSection>
      <Header className="menu-head">{title}</Header>
      {children}
    </MenuSection>
  );
}

export const MenuRule = () => <Separator className="menu-rule" />;
