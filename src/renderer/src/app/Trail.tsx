import css from './Trail.module.css'
import { useTrailText } from './trailStore.ts'

/** The subject of the open page. */
export function Trail() {
  const text = useTrailText((state) => state.text)
  return (
    <span className={css.trail} title={text} translate="no">
      {text}
    </span>
  )
}
