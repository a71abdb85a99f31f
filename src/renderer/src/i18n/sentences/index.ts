/**
 * Sentences of the engine in the language of the page. The engine writes English: into terminals, logs and the database,
 * where errors, reasons and titles are kept. A page that speaks another language finds each sentence by its English
 * form, in which `{slots}` stand for what is filled in, as gettext does; one it does not know stays English.
 */
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { metricCatalog } from '../../../../shared/domain/metricCatalog.ts'
import { zh as metricWords } from '../metricWords.ts'
import { benchmark } from './benchmark.ts'
import { compare } from './compare.ts'
import { engine } from './engine.ts'
import { files } from './files.ts'
import { jobs } from './jobs.ts'
import { launch } from './launch.ts'
import { system } from './system.ts'
import { translator, type Translate } from './translator.ts'
import { videos } from './videos.ts'

const metricTitles = new Map(
  metricCatalog.flatMap(({ id, title }) => (metricWords.title[id] ? [[title, metricWords.title[id]]] : [])),
)
const toChinese = translator(
  [...engine, ...files, ...jobs, ...benchmark, ...compare, ...system, ...videos, ...launch],
  metricTitles,
)

/** Turns a sentence of the engine into the language of the page; a text it does not know is given back as it is. */
export const translateSentence: Translate = (text) => (i18next.language === 'zh-CN' ? toChinese(text) : text)

/** As `translateSentence`, for components: they are drawn again when the language changes. */
export function useSentence(): Translate {
  useTranslation()
  return translateSentence
}
