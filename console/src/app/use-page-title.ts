import { useEffect } from 'react';
import { useMessages } from '../messages/language.tsx';

export function usePageTitle(page: string): void {
  const { app } = useMessages();
  useEffect(() => {
    document.title = app.titleOf(page);
  }, [app, page]);
}
