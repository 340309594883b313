/** As a `ref`: where the focus goes when the dialog around opens. React's own `autoFocus` comes before the dialog is shown. */
export const startHere = (element: HTMLElement | null): void => {
  if (element) element.autofocus = true
}
