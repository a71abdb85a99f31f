import { useEffect, useState } from 'react'
import { useCompare } from './compareStore.ts'

/** Numbers that change faster than this cannot be read. */
const calmMs = 90

/**
 * The playhead's position for words and tables. A single step is followed at once; while the playhead runs, only as
 * often as can be read, so that the page's thread is free for pictures; where it comes to rest is always told.
 */
export function useCalmPosition(): number {
  const [position, setPosition] = useState(() => useCompare.getState().head.position)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let toldMs = -Infinity
    const tell = () => {
      clearTimeout(timer)
      timer = undefined
      toldMs = performance.now()
      setPosition(useCompare.getState().head.position)
    }
    const stop = useCompare.subscribe((state, old) => {
      if (old.head.isPlaying && !state.head.isPlaying) return tell()
      if (state.head.position === old.head.position || timer !== undefined) return
      const waitMs = toldMs + calmMs - performance.now()
      if (waitMs <= 0) tell()
      else timer = setTimeout(tell, waitMs)
    })
    tell()
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [])
  return position
}
