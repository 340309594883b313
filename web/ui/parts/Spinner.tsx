import './Spinner.css'

/** Something is on its way. Its name is the caller's: this is only drawn. */
export function Spinner() {
  return <span className="spinner" aria-hidden="true" />
}
