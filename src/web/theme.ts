// How Kangtu looks: a calm blue-green, 14 px text, dense enough for office work, larger targets under a thumb.
import { type ThemeConfig, theme } from 'antd';

/** Fonts that office PCs have; nothing is fetched. */
const fontFamily =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans S Chinese", system-ui, sans-serif';

/** Colours of charts and of meaning; text in them keeps 4.5:1 on white. */
export const palette = {
  main: '#176b72',
  met: '#2d7a3e',
  unmet: '#b3382c',
  unknown: '#8a5a00',
  quiet: '#5b6b6e',
  series: ['#176b72', '#c4832a', '#5a6fa8', '#7d8f3b', '#9a5b7c', '#5b6b6e'],
} as const;

const base: NonNullable<ThemeConfig['token']> = {
  colorPrimary: palette.main,
  colorInfo: palette.main,
  colorLink: palette.main,
  colorSuccess: palette.met,
  colorError: palette.unmet,
  colorWarning: palette.unknown,
  colorBgLayout: '#f4f7f7',
  colorTextBase: '#1c2b2d',
  colorTextSecondary: '#4f5f62',
  colorTextDescription: '#5b6b6e',
  colorTextPlaceholder: '#6b7a7d',
  borderRadius: 4,
  fontSize: 14,
  fontFamily,
};

export const deskTheme: ThemeConfig = {
  algorithm: theme.compactAlgorithm,
  token: { ...base, controlHeight: 30 },
  components: {
    Table: { cellPaddingBlock: 7, cellPaddingInline: 10 },
    Layout: { siderBg: '#ffffff', headerBg: '#ffffff' },
  },
};

export const phoneTheme: ThemeConfig = {
  token: { ...base, controlHeight: 40 },
  components: { Layout: { headerBg: '#ffffff' } },
};
