import css from './PathText.module.css'
import { shortenPath } from './format.ts'

/** A path or name in the mono face, cut in the middle when long; whole on hover and for copying. */
export function PathText({ path, longest = 64 }: { path: string; longest?: number }) {
  return (
    <code className={css.path} title={path} translate="no">
      {shortenPath(path, longest)}
    </code>
  )
}
