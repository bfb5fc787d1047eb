// Links and link buttons inside the app: a path and query values.
import { createLink, Link } from '@tanstack/react-router';
import { Button, type ButtonProps } from 'antd';
import type { ReactNode, Ref } from 'react';

interface PageLinkProps {
  /** A complete path, parameters filled in: `/persons/0190…`. */
  readonly path: string;
  readonly search?: Readonly<Record<string, unknown>>;
  readonly children: ReactNode;
  readonly className?: string;
}

export const PageLink = ({ path, search = {}, children, className }: PageLinkProps) => (
  <Link to={path} search={search} {...(className !== undefined && { className })}>
    {children}
  </Link>
);

const RoutedButton = createLink(({ ref, ...props }: ButtonProps & { ref?: Ref<HTMLAnchorElement> }) => (
  <Button {...props} {...(ref !== undefined && { ref })} />
));

/** A button that goes to a page; `type="primary"` for the page's one obvious next action. */
export const ButtonLink = ({
  path,
  search = {},
  ...rest
}: PageLinkProps & Pick<ButtonProps, 'type' | 'icon' | 'size'>) => <RoutedButton to={path} search={search} {...rest} />;
