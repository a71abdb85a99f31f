import css from './KeyHint.module.css'
import { isMac, keyLabels } from './keys.ts'

/** A key combination drawn as keys. */
export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className={css.keys}>
      {keyLabels(keys, isMac()).map((label) => (
        <kbd key={label}>{label}</kbd>
      ))}
    </span>
  )
}
