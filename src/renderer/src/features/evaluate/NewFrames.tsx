import { Film, Gauge } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingProcess } from '../../../../shared/contract/training.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useWorkspace } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { formatCount } from '../../ui/format.ts'
import { routeToBenchmark } from '../benchmark/routeToBenchmark.ts'
import { routeToVideos } from '../videos/routeToVideos.ts'
import css from './EvaluatePage.module.css'
import { evaluationOf, framesOf } from './outcomes.ts'

/** What follows an evaluation that has ended: its frames, and what measures and shows them. */
export function NewFrames({ process }: { process: TrainingProcess }) {
  const { t } = useTranslation('evaluate')
  const { data, root, refetch } = useWorkspace()
  const isOver = process.status === 'ended' && evaluationOf(process)?.kind === 'eval-gen'
  const isHere = root === process.workspace
  const run = isOver && isHere ? framesOf(process, data?.evaluationRuns ?? []) : undefined
  const isMissing = isOver && isHere && data !== undefined && run === undefined
  useEffect(() => {
    if (isMissing) void refetch()
  }, [isMissing, refetch])
  if (!run) return null
  const [first] = run.maps
  return (
    <div className={css.newFrames} role="status">
      <p>
        {t('newFrames.found', {
          frames: formatCount(run.maps.reduce((sum, { frames }) => sum + frames, 0)),
          maps: run.maps.map(({ map }) => map).join(', '),
        })}
      </p>
      <Button
        icon={Film}
        onClick={() => goTo(routeToVideos(first?.predictionDir ?? run.path, first?.referenceDir))}
      >
        {t('newFrames.videos')}
      </Button>
      <Button icon={Gauge} look="primary" onClick={() => goTo(routeToBenchmark([run.path]))}>
        {t('newFrames.benchmark')}
      </Button>
    </div>
  )
}
