/** What the open page is about, for the bar over it: such as `exp8_gen / test_20260205_134439`. */
import { useEffect } from 'react'
import { create } from 'zustand'

export const useTrailText = create<{ text?: string }>(() => ({}))

/** Names the subject of the page while it is open. */
export function useTrail(text: string | undefined): void {
  useEffect(() => {
    useTrailText.setState({ text })
    return () => useTrailText.setState({ text: undefined })
  }, [text])
}
