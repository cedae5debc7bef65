/* Yardstick: guest_memfd shared/private conversion, small model (Promela).
 * One d_step per action, one control point per process, so that
 * "states, stored" is exactly the number of distinct reachable states.
 * dev.faultline.explore.yardstick.Yardstick is the same model.
 *
 *   spin -DN=2 -DT=2 [-DBUG=0..3] -a yardstick.pml
 */
#ifndef N
#define N 2          /* pages 2..4 */
#endif
#ifndef T
#define T 2          /* host-user threads 2..3 */
#endif
#ifndef BUG
#define BUG 0        /* 0 correct; 1 check pins before unmap; 2 writer ignores
                        readers of the invalidate lock; 3 EAGAIN does not
                        restore faultable */
#endif
#define MAXPIN 2
#define NOPAGE N

#define PRIV 0
#define SHAR 1
/* guest */
#define RUN  0
#define WAIT 1
/* vmm */
#define VIDLE  0
#define VPREP  1
#define VCALL  2
#define VRET   3
#define VREPLY 4
/* kvm inode conversion */
#define KIDLE     0
#define KENTER    1
#define KLOCKED   2
#define KCLEARED  3
#define KUNMAPPED 4
#define KSHARED   5
#define KUNLOCK   6
/* ioctl result */
#define RNONE  0
#define ROK    1
#define RAGAIN 2
/* host-user thread */
#define HIDLE   0
#define HFLT    1    /* in the fault handler, holding the lock for read */
#define HSIGBUS 2
#define HGUP    3    /* GUP-fast has read the PTE, no reference yet */
#define HCHK    4    /* speculative reference taken, PTE not yet re-read */
#define HPINNED 5

/* page */
byte share[N];       /* PRIV | SHAR; initially all PRIV */
byte flt[N];         /* faultable */
byte mapped[N];      /* host mapcount 0..1 */
byte pins[N];        /* reference count 0..MAXPIN */
byte vfio[N];        /* IOMMU mapping present (owns one reference) */
/* actors */
byte g   = RUN;
byte rqp = NOPAGE;   /* page and direction of the request in flight */
byte rqt = PRIV;
byte v   = VIDLE;
byte k   = KIDLE;
byte res = RNONE;
byte hpc[T];
byte hpg[T] = NOPAGE;
byte wr  = 0;        /* invalidate lock held exclusively */
byte rd  = 0;        /* invalidate lock: readers */

#if T==2
#define PINNEDBY(p) ((hpc[0]==HPINNED && hpg[0]==p) || (hpc[1]==HPINNED && hpg[1]==p))
#define NREF(p) (((hpc[0]==HPINNED||hpc[0]==HCHK) && hpg[0]==p) + ((hpc[1]==HPINNED||hpc[1]==HCHK) && hpg[1]==p))
#else
#define PINNEDBY(p) ((hpc[0]==HPINNED && hpg[0]==p) || (hpc[1]==HPINNED && hpg[1]==p) || (hpc[2]==HPINNED && hpg[2]==p))
#define NREF(p) (((hpc[0]==HPINNED||hpc[0]==HCHK) && hpg[0]==p) + ((hpc[1]==HPINNED||hpc[1]==HCHK) && hpg[1]==p) + ((hpc[2]==HPINNED||hpc[2]==HCHK) && hpg[2]==p))
#endif

/* the four invariants, for one page */
#define INV1(p) (!(share[p]==PRIV && (mapped[p]==1 || vfio[p]==1 || PINNEDBY(p))))
#define INV2(p) (pins[p] == vfio[p] + NREF(p))
#define INV3(p) (!(flt[p]==1 && share[p]==PRIV))
#define INV4(p) (!(k==KIDLE && flt[p]!=share[p]))
#define INV(p)  (INV1(p) && INV2(p) && INV3(p) && INV4(p))
#if N==2
#define SAFE (INV(0) && INV(1))
#elif N==3
#define SAFE (INV(0) && INV(1) && INV(2))
#else
#define SAFE (INV(0) && INV(1) && INV(2) && INV(3))
#endif
/* CHECK closes every action: it is evaluated in the post-state, inside the
 * d_step, so it costs neither a state nor a transition. */
#define CHECK assert(SAFE)

/* ---- guest: one request at a time, always for the other state ---- */
#define G_REQ(p) :: d_step { g==RUN -> g=WAIT; rqp=p; rqt=1-share[p]; CHECK }

active proctype Guest() {
end: do
  G_REQ(0)
  G_REQ(1)
#if N>2
  G_REQ(2)
#endif
#if N>3
  G_REQ(3)
#endif
  :: d_step { g==WAIT && v==VREPLY -> g=RUN; v=VIDLE; rqp=NOPAGE; rqt=PRIV; CHECK }  /* G_Done */
  od
}

/* ---- VMM ---- */
active proctype Vmm() {
end: do
  :: d_step { v==VIDLE && g==WAIT -> v=VPREP; CHECK }                                 /* V_Take  */
  :: d_step { v==VPREP && rqt==PRIV && vfio[rqp]==1 -> vfio[rqp]=0; pins[rqp]--; CHECK } /* V_Unpin */
  :: d_step { v==VPREP && k==KIDLE -> v=VCALL; k=KENTER; CHECK }                      /* V_Ioctl */
  :: d_step { v==VRET && res==ROK -> v=VREPLY; res=RNONE; CHECK }                     /* V_Ok    */
  :: d_step { v==VRET && res==RAGAIN -> v=VPREP; res=RNONE; CHECK }                   /* V_Retry */
  :: d_step { v==VRET && res==RAGAIN -> v=VREPLY; res=RNONE; CHECK }                  /* V_Fail  */
  od
}

/* ---- KVM inode conversion, in the ioctl's context ---- */
active proctype Kvm() {
end: do
#if BUG==2
  :: d_step { k==KENTER && wr==0 -> wr=1; k=KLOCKED; CHECK }
#else
  :: d_step { k==KENTER && wr==0 && rd==0 -> wr=1; k=KLOCKED; CHECK }                 /* K_Lock  */
#endif
  :: d_step { k==KLOCKED && rqt==PRIV -> flt[rqp]=0; k=KCLEARED; CHECK }              /* K_Clear */
#if BUG==1
  /* wrong order: look at the references first, unmap afterwards */
  :: d_step { k==KCLEARED && pins[rqp]==0 -> k=KUNMAPPED; CHECK }
  :: d_step { k==KCLEARED && pins[rqp]>0 -> flt[rqp]=1; res=RAGAIN; k=KUNLOCK; CHECK }
  :: d_step { k==KUNMAPPED -> mapped[rqp]=0; share[rqp]=PRIV; res=ROK; k=KUNLOCK; CHECK }
#else
  :: d_step { k==KCLEARED -> mapped[rqp]=0; k=KUNMAPPED; CHECK }                      /* K_Unmap */
  :: d_step { k==KUNMAPPED && pins[rqp]==0 -> share[rqp]=PRIV; res=ROK; k=KUNLOCK; CHECK } /* K_Commit */
#if BUG==3
  :: d_step { k==KUNMAPPED && pins[rqp]>0 -> res=RAGAIN; k=KUNLOCK; CHECK }
#else
  :: d_step { k==KUNMAPPED && pins[rqp]>0 -> flt[rqp]=1; res=RAGAIN; k=KUNLOCK; CHECK } /* K_Busy */
#endif
#endif
  :: d_step { k==KLOCKED && rqt==SHAR -> share[rqp]=SHAR; k=KSHARED; CHECK }          /* K_Share */
  :: d_step { k==KSHARED -> flt[rqp]=1; res=ROK; k=KUNLOCK; CHECK }                   /* K_Allow */
  :: d_step { k==KUNLOCK -> wr=0; k=KIDLE; v=VRET; CHECK }                            /* K_Unlock */
  od
}

/* ---- VFIO: maps and unmaps on its own account ---- */
#define D_MAP(p)   :: d_step { wr==0 && vfio[p]==0 && flt[p]==1 && pins[p]<MAXPIN -> mapped[p]=1; vfio[p]=1; pins[p]++; CHECK }
#define D_UNMAP(p) :: d_step { vfio[p]==1 -> vfio[p]=0; pins[p]--; CHECK }

active proctype Vfio() {
end: do
  D_MAP(0)
  D_UNMAP(0)
  D_MAP(1)
  D_UNMAP(1)
#if N>2
  D_MAP(2)
  D_UNMAP(2)
#endif
#if N>3
  D_MAP(3)
  D_UNMAP(3)
#endif
  od
}

/* ---- host-user threads ---- */
#define t (_pid-4)
#define H_PAGE(p) \
  :: d_step { hpc[t]==HIDLE && wr==0 && mapped[p]==0 && flt[p]==1 -> rd++; hpc[t]=HFLT; hpg[t]=p; CHECK } \
  :: d_step { hpc[t]==HIDLE && wr==0 && mapped[p]==0 && flt[p]==0 -> hpc[t]=HSIGBUS; CHECK } \
  :: d_step { hpc[t]==HIDLE && mapped[p]==1 -> hpc[t]=HGUP; hpg[t]=p; CHECK }

active [T] proctype Host() {
end: do
  H_PAGE(0)
  H_PAGE(1)
#if N>2
  H_PAGE(2)
#endif
#if N>3
  H_PAGE(3)
#endif
  :: d_step { hpc[t]==HFLT -> mapped[hpg[t]]=1; rd--; hpc[t]=HIDLE; hpg[t]=NOPAGE; CHECK }              /* H_FaultEnd */
  :: d_step { hpc[t]==HSIGBUS -> hpc[t]=HIDLE; CHECK }                                                  /* H_SigAck   */
  :: d_step { hpc[t]==HGUP && pins[hpg[t]]<MAXPIN -> pins[hpg[t]]++; hpc[t]=HCHK; CHECK }               /* H_GupTake  */
  :: d_step { hpc[t]==HGUP && pins[hpg[t]]==MAXPIN -> hpc[t]=HIDLE; hpg[t]=NOPAGE; CHECK }              /* H_GupFull  */
  :: d_step { hpc[t]==HCHK && mapped[hpg[t]]==1 -> hpc[t]=HPINNED; CHECK }                              /* H_GupOk    */
  :: d_step { hpc[t]==HCHK && mapped[hpg[t]]==0 -> pins[hpg[t]]--; hpc[t]=HIDLE; hpg[t]=NOPAGE; CHECK } /* H_GupBack  */
  :: d_step { hpc[t]==HPINNED -> pins[hpg[t]]--; hpc[t]=HIDLE; hpg[t]=NOPAGE; CHECK }                   /* H_Unpin    */
  od
}
