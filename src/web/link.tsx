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

// The router keeps `type` from whatever it wraps, so the button's type travels under another name.
const RoutedButton = createLink(
  ({ ref, look, ...props }: ButtonProps & { ref?: Ref<HTMLAnchorElement>; look?: ButtonProps['type'] }) => (
    <Button {...props} {...(look !== undefined && { type: look })} {...(ref !== undefined && { ref })} />
  ),
);

/** A button that goes to a page; `type="primary"` for the page's one obvious next action. */
export const ButtonLink = ({
  path,
  search = {},
  type,
  ...rest
}: PageLinkProps & Pick<ButtonProps, 'type' | 'icon' | 'size'>) => (
  <RoutedButton to={path} search={search} {...(type !== undefined && { look: type })} {...rest} />
);
