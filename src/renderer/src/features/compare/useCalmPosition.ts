import { useEffect, useState } from 'react'
import { useCompare } from './compareStore.ts'

/** Numbers that change faster than this cannot be read. */
const calmMs = 90

/**
 * Tells the playhead's position now and whenever it changes: a single step at once; while the playhead runs, only as
 * often as can be read, so that the page's thread is free for pictures. Where it comes to rest is always told.
 *
 * @returns `catchUp` tells at once what is still to be told.
 */
export function followCalmly(onPosition: (position: number) => void): { catchUp(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let toldMs = -Infinity
  const tell = () => {
    clearTimeout(timer)
    timer = undefined
    toldMs = performance.now()
    onPosition(useCompare.getState().head.position)
  }
  const unsubscribe = useCompare.subscribe((state, old) => {
    if (old.head.isPlaying && !state.head.isPlaying) return tell()
    if (state.head.position === old.head.position || timer !== undefined) return
    const waitMs = toldMs + calmMs - performance.now()
    if (waitMs <= 0) tell()
    else timer = setTimeout(tell, waitMs)
  })
  tell()
  return {
    catchUp: () => {
      if (timer !== undefined) tell()
    },
    stop: () => {
      unsubscribe()
      clearTimeout(timer)
    },
  }
}

/** The playhead's position for words and tables, as `followCalmly` tells it. */
export function useCalmPosition(): number {
  const [position, setPosition] = useState(() => useCompare.getState().head.position)
  useEffect(() => followCalmly(setPosition).stop, [])
  return position
}
