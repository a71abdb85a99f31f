import { useTranslation } from 'react-i18next'
import type { BenchmarkRequest } from '../../../../shared/contract/benchmark.ts'
import type { Protocol } from '../../../../shared/domain/protocol.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { Check } from '../../ui/Check.tsx'
import { Choice } from '../../ui/Choice.tsx'
import { Field } from '../../ui/Field.tsx'
import { NumberInput, Select } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer } from '../../ui/states.tsx'
import { useBenchmarkForm, type BenchmarkOptionsForm } from './benchmarkForm.ts'
import css from './BenchmarkPage.module.css'

const setOptions = (changes: Partial<BenchmarkOptionsForm>) =>
  useBenchmarkForm.setState(({ options }) => ({ options: { ...options, ...changes } }))

const useProtocols = () => useEngineQuery('benchmark.protocols', {}, { staleTime: Infinity })

/** The recipe by name, with what it fixes. */
export function ProtocolPanel() {
  const { t } = useTranslation(['benchmark', 'metrics'])
  const protocols = useProtocols()
  const { options } = useBenchmarkForm()
  const about = (protocol: Protocol) => (
    <>
      {protocol.name === options.protocol &&
        (t('metrics:protocol', { returnObjects: true })[protocol.name] ?? protocol.about)}
      <span className={css.recipe}>
        {t('protocol.sizes', {
          paired: protocol.paired.size,
          pairedFilter: protocol.paired.filter,
          inception: protocol.inception.size,
          clip: protocol.clip.size,
        })}
        {' · '}
        {protocol.psnr === 'batched'
          ? t('protocol.batched', { size: protocol.defaultBatchSize })
          : t('protocol.perImage')}
      </span>
    </>
  )
  return (
    <Panel title={t('protocol.title')} flush>
      <Answer query={protocols}>
        {(list) => (
          <Choice
            label={t('protocol.title')}
            value={options.protocol}
            options={list.map((protocol) => ({
              value: protocol.name,
              title: <span className={css.code}>{protocol.name}</span>,
              about: about(protocol),
            }))}
            onChange={(protocol) => setOptions({ protocol, batchSize: undefined })}
          />
        )}
      </Answer>
    </Panel>
  )
}

const deviceNames: Record<BenchmarkRequest['device'], string> = {
  auto: '',
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'Core ML',
}
const same = <Value extends string>(...values: Value[]) => values.map((value) => ({ value, label: value }))

/** Everything else a score depends on, and how it is computed. */
export function OptionsPanel() {
  const { t } = useTranslation('benchmark')
  const { options } = useBenchmarkForm()
  const { data: protocols } = useProtocols()
  const protocol = protocols?.find(({ name }) => name === options.protocol)
  const isBatched = protocol?.psnr !== 'per-image'
  return (
    <Panel title={t('options.title')}>
      <div className={css.options}>
        <Field label={t('options.device')}>
          <Select
            value={options.device}
            options={Object.entries(deviceNames).map(([value, label]) => ({
              value: value as BenchmarkRequest['device'],
              label: label || t('options.auto'),
            }))}
            onChange={(device) => setOptions({ device })}
          />
        </Field>
        <Field
          label={t('options.batchSize')}
          hint={
            isBatched
              ? t('options.batchHint', { size: protocol?.defaultBatchSize ?? 32 })
              : t('options.batchPerImage')
          }
        >
          <NumberInput
            value={options.batchSize}
            onChange={(batchSize) => setOptions({ batchSize })}
            min={1}
            max={100_000}
            isWhole
            placeholder={String(protocol?.defaultBatchSize ?? '')}
          />
        </Field>
        <Field label={t('options.lpipsNet')}>
          <Select
            value={options.lpipsNet}
            options={same('alex', 'vgg', 'squeeze')}
            onChange={(lpipsNet) => setOptions({ lpipsNet })}
          />
        </Field>
        <Field label={t('options.lpipsEpsilon')}>
          <Select
            value={options.lpipsEpsilon}
            options={same('torchmetrics', 'original')}
            onChange={(lpipsEpsilon) => setOptions({ lpipsEpsilon })}
          />
        </Field>
        <Field label={t('options.fidVariant')}>
          <Select
            value={options.fidVariant}
            options={same('torchmetrics', 'pytorch-fid', 'clean-fid')}
            onChange={(fidVariant) => setOptions({ fidVariant })}
          />
        </Field>
        <Field label={t('options.fidDims')}>
          <Select
            value={String(options.fidDims)}
            options={same('2048', '768', '192', '64')}
            onChange={(dims) => setOptions({ fidDims: Number(dims) as BenchmarkOptionsForm['fidDims'] })}
          />
        </Field>
        <Field label={t('options.ssimBorder')}>
          <Select
            value={options.ssimBorder}
            options={[
              { value: 'full', label: t('options.borderFull') },
              { value: 'crop', label: t('options.borderCrop') },
            ]}
            onChange={(ssimBorder) => setOptions({ ssimBorder })}
          />
        </Field>
        <div className={css.wide}>
          <Check isOn={options.fresh} onChange={(fresh) => setOptions({ fresh })}>
            {t('options.fresh')}
          </Check>
        </div>
      </div>
    </Panel>
  )
}
