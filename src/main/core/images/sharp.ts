/**
 * sharp, set up for many pictures one after the other: the studio decodes in several threads of its own, so each
 * picture uses one, and nothing is kept between pictures.
 */
import sharp from 'sharp'

sharp.cache(false)
sharp.concurrency(1)

export { sharp }
