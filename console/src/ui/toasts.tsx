/** What just happened, with a way back; said once and gone after a while. */
import { Button as AriaButton } from 'react-aria-components/Button';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { useMessages } from '../messages/language.tsx';
import { Icon } from './Icon.tsx';

export interface Told {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SHOWN_MS = 6_000;
const queue = new ToastQueue<Told>({ maxVisibleToasts: 2 });

/** Something that can be undone stays longer. */
export function tell(told: Told): void {
  queue.add(told, { timeout: told.action === undefined ? SHOWN_MS : 2 * SHOWN_MS });
}

export function Toasts() {
  const { app } = useMessages();
  return (
    <ToastRegion queue={queue} className="toasts">
      {({ toast }) => (
        <Toast toast={toast} className="toast">
          <ToastContent>
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          {toast.content.action !== undefined && (
            <AriaButton
              className="button quiet small"
              onPress={() => {
                toast.content.action?.run();
                queue.close(toast.key);
              }}
            >
              {toast.content.action.label}
            </AriaButton>
          )}
          <AriaButton slot="close" className="button quiet icon small" aria-label={app.close}>
            <Icon name="close" />
          </AriaButton>
        </Toast>
      )}
    </ToastRegion>
  );
}
