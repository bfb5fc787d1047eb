// Ant Design's locale files are ES modules that its package does not declare as such; without this their default export has the wrong type.
declare module 'antd/es/locale/zh_CN.js' {
  const locale: NonNullable<import('antd').ConfigProviderProps['locale']>;
  export default locale;
}
declare module 'antd/es/locale/en_US.js' {
  const locale: NonNullable<import('antd').ConfigProviderProps['locale']>;
  export default locale;
}
