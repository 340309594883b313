/**
 * As a `ref`: where the focus goes when the dialog around opens, or at once where it is open already. React's own `autoFocus` comes
 * before the dialog is shown.
 */
export const autofocus = (element: HTMLElement | null): void => {
  if (!element) return
  element.autofocus = true
  if (element.closest('dialog')?.open) element.focus()
}
