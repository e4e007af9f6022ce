/** What stands round every page: the way past the bar, the bar, and the main landmark. */
import { Link, Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Boundary } from '../ui/FailureNotice.tsx';
import { Menu, MenuGroup, MenuItem, MenuRule } from '../ui/Menu.tsx';
import type { Language, Theme } from './preferences.ts';
import { ShellDialogs } from './ShellDialogs.tsx';
import { useSurroundings } from './surroundings.tsx';

const PAGES = ['segments', 'profiles', 'propensity', 'live'] as const;

export function Shell() {
  const { app } = useMessages();
  const main = useMainFocus();
  return (
    <>
      <a className="skip" href="#main">
        {app.skip}
      </a>
      <header className="bar">
        <Link to="/" className="brand" aria-label={app.name}>
          <Mark />
          <span aria-hidden="true">{app.name}</span>
        </Link>
        <nav aria-label={app.navigation}>
          {PAGES.map((page) => (
            <Link key={page} to={`/${page}`} className="bar-link" activeProps={{ className: 'bar-link here' }}>
              {app[page]}
            </Link>
          ))}
        </nav>
        <div className="bar-end">
          <ShellDialogs />
          <SandboxMenu />
          <PreferencesMenu />
          <AccountMenu />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Boundary>
          <Outlet />
        </Boundary>
      </main>
    </>
  );
}

/** A new page begins at its beginning, for readers who can't see that it changed, unless it puts the focus somewhere itself. */
function useMainFocus() {
  const main = useRef<HTMLElement>(null);
  const router = useRouter();
  useEffect(
    () =>
      // What had the focus is on the page until the next one is drawn.
      router.subscribe('onRendered', ({ pathChanged }) => {
        if (pathChanged && isNowhere(document.activeElement)) main.current?.focus();
      }),
    [router],
  );
  return main;
}

const isNowhere = (element: Element | null): boolean => element === null || element === document.body;

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M2 9c4-4 8-4 11 0 2-2 4-3 6-3-1 2-1 4 0 6-2 0-4-1-6-3-3 4-7 4-11 0Z" />
      <path d="M6 18c3-3 6-3 8 0 1.500-1.500 3-2.200 4.500-2.200-.8 1.500-.8 3 0 4.400-1.500 0-3-.7-4.500-2.200-2 3-5 3-8 0Z" />
    </svg>
  );
}

function SandboxMenu() {
  const { app } = useMessages();
  const { config, api, chooseSandbox } = useSurroundings();
  if (config.sandboxes.length < 2) return null;
  return (
    <Menu
      trigger={<Button look="quiet" label={api.sandbox} aria-label={`${app.sandbox}: ${api.sandbox}`} />}
      label={app.sandbox}
      placement="bottom end"
      selectionMode="single"
      selectedKeys={[api.sandbox]}
      onAction={(key) => chooseSandbox(String(key))}
    >
      {config.sandboxes.map((name) => (
        <MenuItem key={name} id={name} label={name} />
      ))}
    </Menu>
  );
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

function PreferencesMenu() {
  const { app } = useMessages();
  const { preferences, prefer } = useSurroundings();
  const navigate = useNavigate();
  const { language, theme } = preferences;
  return (
    <Menu
      trigger={<Button look="quiet" label={language === 'ko' ? '한국어' : 'English'} aria-label={app.preferences} />}
      label={app.preferences}
      placement="bottom end"
      selectionMode="multiple"
      selectedKeys={[language, theme]}
      onAction={(key) => {
        if (key === 'en' || key === 'ko') prefer({ language: key satisfies Language });
        else if (THEMES.includes(key as Theme)) prefer({ theme: key as Theme });
      }}
    >
      <MenuGroup title={app.language}>
        <MenuItem id="en" label="English" />
        <MenuItem id="ko" label="한국어" />
      </MenuGroup>
      <MenuGroup title={app.theme}>
        {THEMES.map((name) => (
          <MenuItem key={name} id={name} label={app.themes[name]} />
        ))}
      </MenuGroup>
      <MenuRule />
      <MenuItem id="settings" label={app.settings} onAction={() => void navigate({ to: '/settings' })} />
    </Menu>
  );
}

function AccountMenu() {
  const { app } = useMessages();
  const { session } = useSurroundings();
  if (!session.isSignedOutPossible) return null;
  return (
    <Menu
      trigger={<Button look="quiet" icon="account" aria-label={app.account} />}
      label={app.account}
      placement="bottom end"
    >
      <MenuItem id="out" label={app.signOut} onAction={() => session.signOut()} />
    </Menu>
  );
}
