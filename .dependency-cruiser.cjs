// Enforces the import table of the house: kernel ← policy ← core ← (sql ← server) | web ← server, web, cli.
const slices = '(person|referral|assessment|care|safety|network|governance|funding|oversight|reporting)';
const test = '\\.(test|fixtures)\\.tsx?$';
/** The core of a slice: x.ts without a role in its name. A library reads data files, so the server alone has it. */
const core = `^src/${slices}/(?!.*-library\\.ts$)[^/.]+\\.ts$`;
const data = '\\.json$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'kernel-stands-alone',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: test },
      to: { path: '^(src/(?!kernel/)|demo/)' },
    },
    {
      name: 'policy-knows-only-the-kernel',
      severity: 'error',
      from: { path: '^src/policy/', pathNot: `${test}|\\.(server|web)\\.tsx?$` },
      to: { path: '^(src/(?!kernel/|policy/)|demo/)' },
    },
    {
      name: 'core-knows-kernel-policy-and-cores',
      comment: 'A core is pure and runs in the browser.',
      severity: 'error',
      from: { path: core },
      to: { path: '^(src|demo)/', pathNot: `^src/(kernel|policy)/|${core}|${data}|\\.api\\.ts$` },
    },
    {
      name: 'only-types-of-an-api-below-it',
      severity: 'error',
      from: { path: `${core}|\\.sql\\.ts$` },
      to: { path: '\\.api\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-runs-in-the-browser',
      severity: 'error',
      from: { path: `${core}|^src/${slices}/[^/]+\\.api\\.ts$|\\.web\\.tsx?$|^src/web/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'api-knows-cores',
      severity: 'error',
      from: { path: `^src/${slices}/[^/]+\\.api\\.ts$` },
      to: { path: '^(src|demo)/', pathNot: `^src/(kernel|policy)/|${core}|${data}` },
    },
    {
      name: 'sql-knows-its-core-and-the-database',
      severity: 'error',
      from: { path: '\\.sql\\.ts$' },
      to: { path: '\\.(server|web)\\.tsx?$|^src/(server|web|cli)/' },
    },
    {
      name: 'sql-is-private-to-its-slice',
      severity: 'error',
      from: { path: `^src/([^/]+)/`, pathNot: `^src/server/slices\\.ts$|${test}` },
      to: { path: '\\.sql\\.ts$', pathNot: '^src/$1/' },
    },
    {
      name: 'server-side-of-a-slice-knows-no-screen',
      severity: 'error',
      from: { path: '\\.server\\.ts$' },
      to: { path: '\\.web\\.tsx?$|^src/(server|web|cli)/' },
    },
    {
      name: 'screens-know-no-server',
      severity: 'error',
      from: { path: '\\.web\\.tsx?$|^src/web/', pathNot: test },
      to: { path: '\\.(sql|server)\\.ts$|^src/(cli|server)/', pathNot: '^src/server/contract\\.ts$' },
    },
    {
      name: 'server-knows-no-screen',
      severity: 'error',
      from: { path: '^src/(server|cli)/' },
      to: { path: '\\.web\\.tsx?$|^src/web/' },
    },
    {
      name: 'tests-are-nobodys-library',
      severity: 'error',
      from: { path: '^(src|demo)/', pathNot: `${test}|^src/server/database-for-tests\\.ts$` },
      to: { path: `${test}` },
    },
    {
      name: 'no-packages-of-development-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: `${test}|^src/server/database-for-tests\\.ts$` },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'not-found', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/.*)' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'types', 'node', 'default'], exportsFields: ['exports'] },
  },
};
