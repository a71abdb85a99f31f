import { Menu } from '@mantine/core'
import { FolderSearch, ListVideo } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type {
  VideoEncoder,
  VideoFormat,
  VideoLayout,
  VideoPreset,
} from '../../../../shared/contract/videos.ts'
import { metricCatalog } from '../../../../shared/domain/metricCatalog.ts'
import { useCapabilities } from '../../api/connection.ts'
import { pickFolder } from '../../app/pickFolder.ts'
import { useWorkspace } from '../../app/workspace.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Check } from '../../ui/Check.tsx'
import { Field } from '../../ui/Field.tsx'
import { NumberInput, Select, TextInput } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { newestFirst } from '../workspace/runState.ts'
import { LayoutPicker } from './LayoutPicker.tsx'
import { formForFolders, useVideoForm, type VideoForm } from './videoForm.ts'
import css from './VideosPage.module.css'

const formats: VideoFormat[] = ['mp4', 'webm', 'webp', 'gif', 'mkv']
const presets: VideoPreset[] = ['draft', 'good', 'archive']
const encoders: VideoEncoder[] = ['software', 'auto', 'nvenc', 'qsv', 'videotoolbox']
const set = (changes: Partial<VideoForm>) => useVideoForm.setState(changes)

/** The form: folders, layout, and how the clips are cut and written. */
export function VideoFormPanel() {
  const { t } = useTranslation('videos')
  const form = useVideoForm()
  const perFrame = metricCatalog.filter(({ isPerFrame, unavailable }) => isPerFrame && unavailable === '')
  return (
    <Panel title={t('form.title')} actions={<RunMenu />} className={css.formPanel}>
      <div className={css.fields}>
        <FolderField field="predictionDir" label={t('form.prediction')} hint={t('form.predictionHint')} />
        <FolderField field="referenceDir" label={t('form.reference')} hint={t('form.referenceHint')} />
        <LayoutPicker value={form.layout} form={form} onChange={(layout: VideoLayout) => set({ layout })} />
        {form.layout === 'runs' && (
          <Field label={t('form.others')} hint={t('form.othersHint')}>
            <LinesInput value={form.others} rows={3} onChange={(others) => set({ others })} />
          </Field>
        )}
        <div className={css.three}>
          <Field label={t('form.fps')}>
            <TextInput value={form.fps} onChange={(fps) => set({ fps })} placeholder="10" />
          </Field>
          <Field label={t('form.maxDuration')}>
            <NumberInput
              value={form.maxDurationSeconds}
              min={0.1}
              onChange={(maxDurationSeconds) => set({ maxDurationSeconds })}
              placeholder="10"
            />
          </Field>
          <Field label={t('form.minFrames')}>
            <NumberInput
              value={form.minFrames}
              min={0}
              isWhole
              onChange={(minFrames) => set({ minFrames })}
              placeholder="10"
            />
          </Field>
          <Field label={t('form.format')}>
            <Select
              value={form.format}
              options={formats.map((value) => ({ value, label: value.toUpperCase() }))}
              onChange={(format) => set({ format })}
            />
          </Field>
          <Field label={t('form.preset')}>
            <Select
              value={form.preset}
              options={presets.map((value) => ({ value, label: t(`presets.${value}`) }))}
              onChange={(preset) => set({ preset })}
            />
          </Field>
        </div>
        <fieldset className={css.scores}>
          <legend>{t('form.scores')}</legend>
          <div>
            {perFrame.slice(0, 6).map(({ id, title }) => (
              <Check
                key={id}
                isOn={form.scores.includes(id)}
                onChange={(isOn) =>
                  set({ scores: isOn ? [...form.scores, id] : form.scores.filter((one) => one !== id) })
                }
              >
                {title}
              </Check>
            ))}
          </div>
          <p className={css.faint}>{t('form.scoresHint')}</p>
        </fieldset>
        <Check isOn={form.drawText} onChange={(drawText) => set({ drawText })}>
          {t('form.drawText')}
        </Check>
        <Check isOn={form.fresh} onChange={(fresh) => set({ fresh })}>
          {t('form.fresh')}
        </Check>
        <Field label={t('form.outputDir')}>
          <TextInput
            value={form.outputDir}
            placeholder="comparison_videos"
            onChange={(outputDir) => set({ outputDir })}
            isMono
          />
        </Field>
        <details className={css.more}>
          <summary>{t('form.more')}</summary>
          <MoreFields />
        </details>
      </div>
    </Panel>
  )
}

/** What few videos need. */
function MoreFields() {
  const { t } = useTranslation('videos')
  const form = useVideoForm()
  return (
    <div className={css.fields}>
      <Field label={t('form.pattern')} hint={t('form.patternHint')}>
        <TextInput
          value={form.pattern}
          placeholder="file_num{recording}_frame_{frame}"
          onChange={(pattern) => set({ pattern })}
          isMono
        />
      </Field>
      <Field label={t('form.labels')} hint={t('form.labelsHint')}>
        <LinesInput value={form.labels} rows={2} onChange={(labels) => set({ labels })} />
      </Field>
      <div className={css.three}>
        <Field label={t('form.panelWidth')}>
          <NumberInput
            value={form.panelWidth}
            min={16}
            max={8192}
            isWhole
            onChange={(panelWidth) => set({ panelWidth })}
            placeholder={t('form.ofFrames')}
          />
        </Field>
        <Field label={t('form.amplify')}>
          <NumberInput
            value={form.amplify}
            min={1}
            max={255}
            onChange={(amplify) => set({ amplify })}
            placeholder="4"
          />
        </Field>
        <Field label={t('form.encoder')}>
          <Select
            value={form.encoder}
            options={encoders.map((value) => ({ value, label: t(`encoders.${value}`) }))}
            onChange={(encoder) => set({ encoder })}
          />
        </Field>
      </div>
      <Check isOn={form.stretch} onChange={(stretch) => set({ stretch })}>
        {t('form.stretch')}
      </Check>
    </div>
  )
}

function FolderField({
  field,
  label,
  hint,
}: {
  field: 'predictionDir' | 'referenceDir'
  label: string
  hint: string
}) {
  const { t } = useTranslation('videos')
  const value = useVideoForm((form) => form[field])
  const capabilities = useCapabilities()
  const browse = async () => {
    const path = await pickFolder(capabilities, label)
    if (path !== undefined) set({ [field]: path })
  }
  return (
    <div className={css.folder}>
      <Field label={label} hint={hint}>
        <TextInput value={value} onChange={(path) => set({ [field]: path })} isMono />
      </Field>
      <IconButton icon={FolderSearch} label={t('form.browse')} onClick={() => void browse()} />
    </div>
  )
}

function LinesInput({
  value,
  onChange,
  ...rest
}: {
  value: string
  rows: number
  onChange(value: string): void
  id?: string
}) {
  return (
    <textarea
      {...rest}
      className={css.lines}
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** Fills the folders from an evaluation run of the workspace. */
function RunMenu() {
  const { t } = useTranslation('videos')
  const { data } = useWorkspace()
  const choices = newestFirst(data?.evaluationRuns ?? []).flatMap((run) =>
    run.maps.map((map) => ({ ...map, run })),
  )
  if (choices.length === 0) return null
  return (
    <Menu position="bottom-end" offset={4} width={300} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <IconButton icon={ListVideo} label={t('form.choose')} />
      </Menu.Target>
      <Menu.Dropdown className={css.runMenu}>
        {choices.slice(0, 60).map(({ run, map, predictionDir, referenceDir }) => (
          <Menu.Item key={predictionDir} onClick={() => set(formForFolders(predictionDir, referenceDir))}>
            {run.experiment} · {map}
            <span className={css.faint}> {run.timestamp}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
