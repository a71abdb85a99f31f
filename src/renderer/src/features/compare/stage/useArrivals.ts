import { useEffect, useState } from 'react'
import { onPictureArrived } from './arrivals.ts'

/** More often than this, values under the pointer cannot be read. */
const calmMs = 90

/** Renders again when pictures have arrived: a moment after the first of several. */
export function useArrivals(): void {
  const [, setCount] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onPictureArrived(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        setCount((count) => count + 1)
      }, calmMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [])
}
