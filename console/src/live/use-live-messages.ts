import { live as en } from '../messages/en-live.ts';
import { live as ko } from '../messages/ko-live.ts';
import { useAreaMessages } from '../messages/use-area-messages.ts';

export const useLiveMessages = () => useAreaMessages({ en, ko });
