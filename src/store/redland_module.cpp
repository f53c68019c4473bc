int provgate_placeholder_never_committed = 0;
