/** A question that must be answered before anything else goes on. */
import type { CSSProperties, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly width?: number;
  readonly role?: 'dialog' | 'alertdialog';
  readonly children: ReactNode;
  readonly actions: ReactNode;
}

export function Dialog({ title, isOpen, onClose, width = 480, role = 'dialog', children, actions }: Props) {
  const style = { '--dialog-width': `${width}px` } as CSSProperties;
  return (
    <ModalOverlay
      className="dialog-backdrop"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role === 'dialog'}
    >
      <Modal>
        <AriaDialog className="dialog" role={role} style={style}>
          <Heading slot="title" className="dialog-title">
            {title}
          </Heading>
          {children}
          <div className="dialog-actions">{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
