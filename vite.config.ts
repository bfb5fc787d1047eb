// Builds the web app into dist/web, which the server serves as it is.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** A package's own folder under node_modules, on any system's path separator. */
const inPackages = (names: string) => new RegExp(`[\\\\/]node_modules[\\\\/](${names})[\\\\/]`);

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    target: 'chrome108',
    // Assets as data: URLs would ask for a wider content security policy.
    assetsInlineLimit: 0,
    // The charts' chunk is large and loaded only where a chart is shown.
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: inPackages('react|react-dom|scheduler'), priority: 4 },
            { name: 'echarts', test: inPackages('echarts|zrender'), priority: 3 },
            { name: 'antd', test: inPackages('antd|@ant-design|@rc-component|dayjs'), priority: 2 },
            { name: 'data', test: inPackages('@tanstack|@orpc|zod|i18next|react-i18next'), priority: 1 },
          ],
        },
      },
    },
  },
});
