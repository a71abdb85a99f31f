import type { images as contract } from '../../../shared/contract/images.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import { inspectImage } from './inspect.ts'

/** Answers the `images.*` operations. */
export function imageHandlers(): Handlers<typeof contract> {
  return { 'images.inspect': inspectImage }
}
