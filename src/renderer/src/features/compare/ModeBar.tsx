import { Contrast, Copy, Download, Link2, Maximize, Vote, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { IconButton } from '../../ui/Button.tsx'
import { viridis } from '../../ui/colorMaps.ts'
import { runCommand } from '../../app/commands.ts'
import { modes, type Mode } from './address.ts'
import css from './ComparePage.module.css'
import { keysOf } from './compareKeys.ts'
import { setMode, useCompare } from './compareStore.ts'
import { PlainSelect } from './PlainSelect.tsx'
import { channels } from './pictures/difference.ts'
import { mapRanges } from './pictures/mapColors.ts'
import { alignmentRules } from './stage/alignment.ts'
import { Hint } from '../../ui/Hint.tsx'
import { fitZoom } from './stage/view.ts'

/** Which mode, how it looks, how large. */
export function ModeBar() {
  const { t } = useTranslation('compare')
  const mode = useCompare((state) => state.mode)
  const isFitted = useCompare(({ view }) => view.zoom === 'fit')
  const isGrey = useCompare((state) => state.isGrey)
  const alignment = useCompare((state) => state.alignment)
  return (
    <div className={css.modes}>
      <div className={css.segments} role="radiogroup" aria-label={t('mode.label')}>
        {modes.map((one) => (
          <Hint key={one} label={t(titleKey(one))} keys={keysOf[one]}>
            <button type="button" role="radio" aria-checked={mode === one} onClick={() => setMode(one)}>
              {t(`mode.${one}`)}
            </button>
          </Hint>
        ))}
      </div>
      <Look mode={mode} />
      <div className={css.tools}>
        <PlainSelect
          label={t('alignment.label')}
          value={alignment}
          options={alignmentRules.map((value) => ({ value, title: t(`alignment.${value}`) }))}
          onChange={(rule) => useCompare.setState({ alignment: rule })}
        />
        <Zoom />
        <Tool id="compare.fit" icon={Maximize} label={t('command.fit')} keys={keysOf.fit} isOn={isFitted} />
        <Tool id="compare.grey" icon={Contrast} label={t('command.grey')} keys={keysOf.grey} isOn={isGrey} />
        <span className={css.rule} />
        <Tool id="compare.copy" icon={Copy} label={t('command.copy')} keys={keysOf.copy} />
        <Tool id="compare.copyLink" icon={Link2} label={t('command.copyLink')} keys={keysOf.copyLink} />
        <Tool id="compare.export" icon={Download} label={t('command.export')} keys={keysOf.export} />
        <Tool id="compare.vote" icon={Vote} label={t('command.vote')} keys={keysOf.vote} />
      </div>
    </div>
  )
}

const titleKey = (mode: Mode) =>
  (mode === 'ssim' || mode === 'lpips' ? 'command.map' : `command.${mode}`) as 'command.wipe'

function Tool({
  id,
  icon,
  label,
  keys,
  isOn,
}: {
  id: string
  icon: LucideIcon
  label: string
  keys?: string
  isOn?: boolean
}) {
  return <IconButton icon={icon} label={label} keys={keys} isOn={isOn} onClick={() => void runCommand(id)} />
}

/** Device pixels per picture pixel, as a percentage; a click shows one on one. */
function Zoom() {
  const { t } = useTranslation('compare')
  const zoom = useCompare(({ view, stage, pane }) =>
    view.zoom === 'fit' ? (stage && pane ? fitZoom(stage, pane) : 1) : view.zoom,
  )
  return (
    <Hint label={t('command.oneToOne')} keys={keysOf.oneToOne}>
      <button type="button" className={css.zoom} onClick={() => void runCommand('compare.oneToOne')}>
        {Math.round(zoom * 100)} %
      </button>
    </Hint>
  )
}

/** What can be set in the present mode. */
function Look({ mode }: { mode: Mode }): ReactNode {
  const { t } = useTranslation('compare')
  const { difference, wipe, opacity, blinksPerSecond } = useCompare(
    useShallow(({ difference, wipe, opacity, blinksPerSecond }) => ({
      difference,
      wipe,
      opacity,
      blinksPerSecond,
    })),
  )
  const change = (part: Partial<typeof difference>) =>
    useCompare.setState({ difference: { ...difference, ...part } })
  switch (mode) {
    case 'difference':
      return (
        <div className={css.look}>
          <PlainSelect
            label={t('look.kind')}
            value={difference.kind}
            options={(['absolute', 'signed'] as const).map((value) => ({ value, title: t(`look.${value}`) }))}
            onChange={(kind) => change({ kind })}
          />
          <PlainSelect
            label={t('look.channel')}
            value={difference.channel}
            options={channels.map((value) => ({ value, title: t(`look.${value}`) }))}
            onChange={(channel) => change({ channel })}
          />
          <Slider
            label={t('look.gain')}
            min={0}
            max={5}
            step={1}
            value={Math.log2(difference.gain)}
            onChange={(value) => change({ gain: 2 ** value })}
            text={`×${difference.gain}`}
          />
        </div>
      )
    case 'wipe':
      return (
        <div className={css.look}>
          <Slider
            label={t('look.angle')}
            min={0}
            max={180}
            step={5}
            value={wipe.angle}
            onChange={(angle) => useCompare.setState({ wipe: { ...wipe, angle } })}
            text={`${wipe.angle}°`}
          />
        </div>
      )
    case 'overlay':
      return (
        <div className={css.look}>
          <Slider
            label={t('look.opacity')}
            min={0}
            max={1}
            step={0.05}
            value={opacity}
            onChange={(value) => useCompare.setState({ opacity: value })}
            text={`${Math.round(opacity * 100)} %`}
          />
        </div>
      )
    case 'blink':
      return (
        <div className={css.look}>
          <Slider
            label={t('look.rate')}
            min={1}
            max={8}
            step={1}
            value={blinksPerSecond}
            onChange={(value) => useCompare.setState({ blinksPerSecond: value })}
            text={`${blinksPerSecond}/s`}
          />
        </div>
      )
    case 'ssim':
    case 'lpips':
      return <MapScale kind={mode} />
    default:
      return null
  }
}

function Slider(props: {
  label: string
  min: number
  max: number
  step: number
  value: number
  onChange(value: number): void
  text: string
}) {
  const { label, text, onChange, ...range } = props
  return (
    <label className={css.slider} title={label}>
      <span>{label}</span>
      <input
        type="range"
        aria-label={label}
        {...range}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      />
      <output>{text}</output>
    </label>
  )
}

function MapScale({ kind }: { kind: 'ssim' | 'lpips' }) {
  const { t } = useTranslation('compare')
  const { worst, best } = mapRanges[kind]
  const stops = Array.from({ length: 9 }, (_, at) => viridis(at / 8)).join(', ')
  return (
    <span className={css.scale}>
      <span>
        {t('look.worse')} {worst}
      </span>
      <i style={{ background: `linear-gradient(to right, ${stops})` }} aria-hidden />
      <span>
        {best} {t('look.better')}
      </span>
    </span>
  )
}
