import type { CallResult, Client } from '../../sync/model.ts'

/**
 * Makes a call; where the server wants one's password first, asks for it over whatever is open, and makes the call once more. Whoever does
 * not give it gets the refusal. `client` is null for who is signed out, who is never asked.
 */
export async function confirmed<T>(
  client: Client | null,
  call: () => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  const answer = await call()
  if (!client || !('error' in answer) || answer.error.code !== 'confirm_needed') return answer
  // Without a line the dialog may not be had: the refusal then says what is missing, and the same act asks again.
  const dialog = await import('../account/confirm-password.tsx').catch(() => null)
  return dialog && (await dialog.confirmPassword(client)) ? call() : answer
}
