import { propensity as en } from '../messages/en-propensity.ts';
import { propensity as ko } from '../messages/ko-propensity.ts';
import { useAreaMessages } from '../messages/use-area-messages.ts';

export const usePropensityMessages = () => useAreaMessages({ en, ko });
