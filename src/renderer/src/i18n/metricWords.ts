/** Names and explanations of metrics and protocols. English stands in the catalogue; only what pages add is here. */
import { metricCatalog } from '../../../shared/domain/metricCatalog.ts'
import type { Words } from './words.ts'

const catalogTitles: Record<string, string> = Object.fromEntries(
  metricCatalog.map(({ id, title }) => [id, title]),
)

export const en = {
  direction: { higher: 'higher is better', lower: 'lower is better' },
  notYet: 'Not yet available in this version',
  title: catalogTitles,
  unit: { levels: 'levels', dB: 'dB', px: 'px' } as Record<string, string>,
  scope: { pair: 'per pair', prediction: 'per prediction', set: 'whole set' },
  about: Object.fromEntries(metricCatalog.map(({ id, about }) => [id, about])) as Record<string, string>,
  group: {
    fid: 'FID',
    lpips: 'LPIPS',
    psnr_ssim: 'PSNR and SSIM',
    clip: 'CLIP-I',
    aesthetic: 'Aesthetic',
    ms_ssim: 'MS-SSIM',
    kid: 'KID',
    is: 'IS',
    pixel: 'Pixels',
    boundary: 'Edges',
    temporal: 'Time',
    fvd: 'FVD',
  },
  protocol: {
    benchmark_csgo: 'As benchmark_csgo.py: PSNR averaged over batches before the logarithm.',
    benchmark_csgo_v1:
      'As benchmark_csgo_v1.py: larger frames, bicubic; PSNR averaged over batches before the logarithm.',
    'per-image':
      'Recommended. As benchmark_csgo, but PSNR of each image first, then the mean, so no batch size matters.',
  } as Record<string, string>,
}

export const zh: Words<typeof en> = {
  direction: { higher: '越高越好', lower: '越低越好' },
  notYet: '此版本尚不提供',
  // The abbreviations are the field's own; only words are translated.
  title: {
    ...catalogTitles,
    Aesthetic: '美学评分',
    Pixel_Exact_Acc: '完全相等',
    Pixel_Within_1_Acc: '相差不超过 1',
    Boundary_F1: '边缘 F1',
    Boundary_Precision: '边缘精确率',
    Boundary_Recall: '边缘召回率',
    Temporal_Warping_Error: '扭曲误差',
    Temporal_Difference_Error: '帧差误差',
    Flicker_Score: '闪烁',
    Optical_Flow_EPE: '光流 EPE',
  },
  unit: { levels: '级', dB: 'dB', px: 'px' },
  scope: { pair: '逐对', prediction: '逐预测帧', set: '整个集合' },
  about: {
    FID: '两组图像 Inception 特征分布之间的距离。帧数少时偏高：只比较帧数相同的结果。',
    KID: 'Inception 特征在三次核下的 MMD 平方；无偏估计，两组相同时可能略小于零。',
    IS: '预测图像的 Inception 类别有多确定、多多样；对单一地图的帧意义不大。',
    LPIPS: '深度特征的距离；接近人眼对相似度的判断，对轻微偏色不敏感。',
    PSNR: '均方误差的对数形式；偏爱模糊，平移一个像素就会大幅下降。',
    SSIM: '在 11 × 11 高斯窗口内比较局部亮度、对比度和结构。',
    MS_SSIM: '五个尺度上的 SSIM；帧至少需要 176 像素。',
    CLIP: 'CLIP ViT-B/32 嵌入的余弦：内容相同，而非像素相同。',
    Aesthetic: '基于 CLIP ViT-L/14 的 LAION 美学评分；只看预测图像。',
    Pixel_MAE_255: '8 位像素值的平均绝对差。',
    Pixel_Exact_Acc: '三个通道完全相等的像素比例。',
    Pixel_Within_1_Acc: '每个通道最多相差一级的像素比例。',
    Boundary_F1: '边缘是否在同样的位置（允许误差），对所有帧一起计数。',
    Boundary_Precision: '预测边缘像素中靠近真实边缘的比例。',
    Boundary_Recall: '真实边缘像素中靠近预测边缘的比例。',
    Temporal_Warping_Error: '按真实光流移动上一预测帧之后的差异。',
    Temporal_Difference_Error: '相邻帧变化之间的差异。',
    Flicker_Score: '相邻帧变化幅度的差异。',
    Optical_Flow_EPE: '预测与真值光流的端点误差。',
    FVD: '16 帧片段 I3D 特征的 Fréchet 距离。',
  },
  group: {
    fid: 'FID',
    lpips: 'LPIPS',
    psnr_ssim: 'PSNR 与 SSIM',
    clip: 'CLIP-I',
    aesthetic: '美学评分',
    ms_ssim: 'MS-SSIM',
    kid: 'KID',
    is: 'IS',
    pixel: '像素',
    boundary: '边缘',
    temporal: '时序',
    fvd: 'FVD',
  },
  protocol: {
    benchmark_csgo: '与 benchmark_csgo.py 一致：PSNR 先按批平均误差再取对数。',
    benchmark_csgo_v1: '与 benchmark_csgo_v1.py 一致：更大的帧，双三次插值；PSNR 先按批平均误差再取对数。',
    'per-image': '推荐。与 benchmark_csgo 相同，但先逐张计算 PSNR 再平均，因此与批大小无关。',
  },
}
