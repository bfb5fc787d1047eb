// How Kangtu looks: a calm blue-green, 14 px text, dense enough for office work, larger targets under a thumb.
import type { ThemeConfig } from 'antd';

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
  // The derived one is lighter, and too light on the ground of a row.
  colorLinkHover: '#0f4f55',
  colorLinkActive: '#0b3d42',
  colorSuccess: palette.met,
  colorError: palette.unmet,
  colorWarning: palette.unknown,
  // The derived grounds of quiet colours are too dark under text of the same colour.
  colorPrimaryBg: '#e4f0f0',
  colorPrimaryBgHover: '#d3e6e7',
  colorInfoBg: '#e4f0f0',
  colorSuccessBg: '#e8f4ea',
  colorSuccessBorder: '#a9cfb2',
  colorErrorBg: '#fbecea',
  colorErrorBorder: '#e3b0aa',
  colorWarningBg: '#fff6e0',
  colorWarningBorder: '#e6cf94',
  colorBgLayout: '#f4f7f7',
  colorTextBase: '#1c2b2d',
  colorTextSecondary: '#4f5f62',
  colorTextDescription: '#5b6b6e',
  colorTextPlaceholder: '#647275',
  borderRadius: 4,
  fontSize: 14,
  fontFamily,
};

const components: NonNullable<ThemeConfig['components']> = {
  Alert: { fontSizeLG: 14, withDescriptionPadding: '10px 14px', withDescriptionIconSize: 18 },
  Layout: { siderBg: '#ffffff', headerBg: '#ffffff' },
};

export const deskTheme: ThemeConfig = {
  token: { ...base, controlHeight: 30 },
  components: {
    ...components,
    Menu: { itemHeight: 30, itemMarginBlock: 1, groupTitleLineHeight: 1 },
    Table: { cellPaddingBlockSM: 5, cellPaddingInlineSM: 10 },
  },
};

export const phoneTheme: ThemeConfig = { token: { ...base, controlHeight: 40 }, components };
