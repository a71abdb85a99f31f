import { useSyncExternalStore } from 'react'
import { arrivalCount, onPictureArrived } from './arrivals.ts'

/** Renders again when a picture has arrived. */
export const useArrivals = (): number => useSyncExternalStore(onPictureArrived, arrivalCount)
