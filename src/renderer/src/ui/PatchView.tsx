import { classes } from './classes.ts'
import css from './PatchView.module.css'

/**
 * A unified diff: added and removed lines keep their signs, so that they differ by more than colour. With `wrap`
 * changed lines are shown whole, and long lines around them are cut.
 */
export function PatchView({ patch, label, wrap = true }: { patch: string; label: string; wrap?: boolean }) {
  const lines = patch.split('\n').filter((line) => !line.startsWith('--- ') && !line.startsWith('+++ '))
  return (
    <pre className={classes(css.patch, wrap && css.wrap)} aria-label={label} tabIndex={0}>
      {lines.map((line, index) => (
        <span key={index} className={lookOf(line)}>
          {line === '' ? ' ' : line}
        </span>
      ))}
    </pre>
  )
}

function lookOf(line: string): string | undefined {
  if (line.startsWith('@@')) return css.hunk
  if (line.startsWith('+')) return css.added
  return line.startsWith('-') ? css.removed : undefined
}
