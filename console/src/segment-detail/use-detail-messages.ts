import { detail as en } from '../messages/en-detail.ts';
import { detail as ko } from '../messages/ko-detail.ts';
import { useAreaMessages } from '../messages/use-area-messages.ts';

export const useDetailMessages = () => useAreaMessages({ en, ko });
