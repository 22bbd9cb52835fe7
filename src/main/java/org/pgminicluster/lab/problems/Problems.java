package org.pgminicluster.lab.problems;

import java.util.List;
import org.pgminicluster.lab.lesson.Problem;

/** The catalogue: setting up first, then running, then the ends of nodes. */
public final class Problems {

    private static final List<Problem> ALL = List.of(
            new WalLevel(),
            new SlotNameClash(),
            new PgHba(),
            new Unreachable(),
            new NotReplicationRole(),
            new NotSuperuserSubscriber(),
            new NoSelect(),
            new SubTableMissing(),
            new PoisonTable(),
            new ForgotRefresh(),
            new PublicationMissing(),
            new InTransaction(),
            new CreateHangs(),
            new Limits(),
            new NoReplicaIdentity(),
            new ConflictInsert(),
            new SkipLosesInnocent(),
            new CopyIntoNonempty(),
            new MissingRowUpdate(),
            new DdlDrift(),
            new SequenceAfterFailover(),
            new GuardTrigger(),
            new TruncateFk(),
            new Loop(),
            new OrphanSlot(),
            new DropSubPublisherGone(),
            new CloneStealsSlot(),
            new DropOnClone(),
            new PromotionGap(),
            new SyncNamesAlone(),
            new GuardedFailover(),
            new GuardAfterFailover(),
            new OldPrimaryReturns(),
            new SilentLink(),
            new WalRemoved(),
            new SyncStarHang(),
            new SyncTruncateHang(),
            new Vm4StartAndRead(),
            new PublisherFailover());

    private Problems() {}

    /** All of them, in the order in which people meet them. */
    public static List<Problem> all() {
        return ALL;
    }
}
