import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useCompare } from '../compareStore.ts'
import type { FrameSupply } from '../pictures/frameSupply.ts'
import { PaneWords } from './PaneWords.tsx'
import css from './Stage.module.css'
import { useDrawing } from './useDrawing.ts'
import { useGestures } from './useGestures.ts'

/** The canvas with the panes, the words over them, and what pointer and wheel do. */
export function Stage({ supply }: { supply: FrameSupply }) {
  const { t } = useTranslation('compare')
  const canvas = useRef<HTMLCanvasElement>(null)
  const isGrey = useCompare((state) => state.isGrey)
  const { drawn, words } = useDrawing(canvas, supply)
  const gestures = useGestures(canvas, drawn)
  return (
    <div className={css.stage} data-grey={isGrey || undefined}>
      <canvas
        ref={canvas}
        className={css.canvas}
        role="img"
        aria-label={t('stage.label')}
        tabIndex={0}
        {...gestures}
      />
      {words?.panes.map((pane, index) => (
        <PaneWords key={index} pane={pane} index={index} stage={words.stage} ratio={devicePixelRatio} />
      ))}
    </div>
  )
}
