import { Link } from 'wouter'
import css from '../experiments.module.css'
import { routeToExperiment } from '../ExperimentTree.tsx'

/** A link to an experiment by name. */
export function Ref({ name }: { name: string }) {
  return (
    <Link href={routeToExperiment(name)} className={css.ref}>
      {name}
    </Link>
  )
}
