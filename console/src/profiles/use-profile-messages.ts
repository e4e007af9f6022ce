import { profile as en } from '../messages/en-profile.ts';
import { profile as ko } from '../messages/ko-profile.ts';
import { useAreaMessages } from '../messages/use-area-messages.ts';

export const useProfileMessages = () => useAreaMessages({ en, ko });
