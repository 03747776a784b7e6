import { Component, type ReactNode } from "react";
import { Trouble } from "../parts/notice.tsx";

/** A screen that breaks, or whose script cannot be loaded, leaves the rest of the page alone. */
export class Guard extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="screen">
        <Trouble error={this.state.error} retry={() => location.reload()} />
      </div>
    );
  }
}
