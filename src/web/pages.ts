// Every page of the product: a slice adds its pages with one line here.
import { organisationPages } from '../network/organisation.web.ts';
import type { PageRoute } from './page.ts';

export const pages: readonly PageRoute[] = [...organisationPages];
