import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

/** A dialog over the page. Escape closes it unless `onClose` is null; a click beside it does not, for what was typed would be lost. */
export function Popup(
  { title, onClose, large = false, children }: {
    title: string;
    onClose: (() => void) | null;
    large?: boolean;
    children: ReactNode;
  },
) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isKeyboardDismissDisabled={onClose === null}
      onOpenChange={(open) => !open && onClose?.()}
    >
      <Modal className={large ? "dialog large" : "dialog"}>
        <Dialog>
          <div className="row spread">
            <Heading slot="title" level={2}>{title}</Heading>
            {onClose && (
              <button type="button" className="button plain" aria-label="Close" onClick={onClose}>
                ✕
              </button>
            )}
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
