import { useSyncExternalStore } from 'react'

/** Whether a media query holds now; the component renders anew when that changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    listener => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}

/** One pane at a time. */
export const usePhone = (): boolean => useMedia('(max-width: 640px)')

/** The side panel covers the conversation instead of standing beside it. */
export const useNarrow = (): boolean => useMedia('(max-width: 900px)')
