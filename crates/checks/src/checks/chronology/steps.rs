//! Kinds of steps, the words that tell them, and their order.

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Applied,
    Drafted,
    Approved,
    Paid,
    Begun,
    Built,
    Produced,
    Halted,
    Resumed,
    Signed,
    Delivered,
    Departed,
    Arrived,
    Final,
    Announced,
    Voted,
    Closed,
    Sued,
    Heard,
    Ruled,
    Appealed,
    Explored,
    Estimated,
    Tendered,
    Awarded,
    Opened,
    Imposed,
    Lifted,
    Declared,
    PaidOut,
    Struck,
    Returned,
    Suspended,
    Relisted,
    Ordered,
    Received,
    Founded,
    Listed,
    Published,
}

/// Kinds of steps with the words that tell them; a star stands for a few words between.
pub(super) const STEPS: &[(Step, &[&str])] = &[
    (
        Step::Applied,
        &[
            "was filed",
            "were filed",
            "handed in",
            "applied to",
            "申报材料",
            "申请材料",
            "申请书",
            "applications for",
            "application",
            "applied for",
            "submitted",
            "filed",
            "filing of",
            "opened the window for applications",
            "收到企业的申请",
            "提交*申请",
            "递交*申请",
            "提交",
            "递交",
            "受理申请",
            "受理",
            "申请",
            "申报",
        ],
    ),
    (
        Step::Drafted,
        &[
            "the draft", "a draft", "draft rules", "consultation", "public comment", "征求意见", "草案",
            "征求意见稿", "公开征求", "公布*草案", "公布*征求意见", "发布*征求意见", "发布*草案",
            "published*draft", "released*draft", "tabled", "proposed",
        ],
    ),
    (
        Step::Approved,
        &[
            "was approved", "were approved", "was issued", "was granted", "received the permit",
            "received its permit", "secured the permit", "环评批复", "取得*批复", "获*批复", "获*核准",
            "approved", "approval", "permit", "issued the", "operating consent", "consent", "clearance",
            "licence was granted", "license was granted", "was licensed", "green light", "ratified",
            "granted", "获批", "批准", "批复", "批文", "获得许可", "取得*许可", "取得*批文", "获*许可",
            "拿到*许可", "拿到批文", "核准", "核发", "正式公布", "审批通过", "通过审批", "放行",
        ],
    ),
    (Step::Paid, &["disbursed", "paid out", "拨付", "发放", "到账"]),
    (
        Step::Begun,
        &[
            "work began", "works began", "work started", "earthworks began", "site work began", "施工开始",
            "construction of", "construction began", "construction started", "began construction",
            "started construction", "started building", "began building", "building started",
            "building began", "broke ground", "ground was broken", "groundbreaking", "first sod",
            "foundation stone", "foundation works", "foundation work", "earthworks", "site works began",
            "site work began", "site clearing", "piling began", "piling started", "work started on",
            "work began on", "works began", "building work", "construction work", "laid the foundation",
            "主体施工", "施工", "打桩", "土建", "开挖", "动工", "开工", "奠基", "破土", "开建", "启动建设",
            "开始建设",
        ],
    ),
    (
        Step::Built,
        &[
            "construction was completed",
            "construction finished",
            "construction was finished",
            "completed construction",
            "construction ended",
            "mechanical completion",
            "was completed",
            "were completed",
            "was finished",
            "was built",
            "完工",
            "竣工",
            "完成设备安装",
            "设备安装完毕",
            "建成",
            "封顶",
        ],
    ),
    (
        Step::Produced,
        &[
"first ore", "first cathode", "first concentrate", "first production", "first metal", "first oxide", "first carbonate", "first hydroxide", "first matte", "first gold", "first output", "first batch", "first tonnes", "first pour", "first tapping", "first tap", "first heat", "first melt", "first casting", "first ingot", "first bar", "first product", "first power", "first lithium", "first copper", "first coal", "first nickel", "began operating", "started operating", "started operations", "began operations", "operations began", "operations started", "ramp-up began", "commissioning of", "commissioning began", "hot commissioning", "commissioned", "出铁", "出钢", "出矿", "首批产品", "首次出", "第一炉", "首吨", "试产", "开炉", "出产", "poured its first", "produced its first", "commercial production", "started production", "began production", "production began", "production started", "came on stream", "was commissioned", "was inaugurated", "inaugurated", "started up", "entered production", "went into operation", "was put into operation", "投产", "产出第一批", "产出首批", "首炉", "下线", "点火投产", "试车成功", "正式运营", "投运", "达产", "commissioning started", "first tapped", "出铝", "通电投产",
        ],
    ),
    (
        Step::Halted,
        &[
"halted", "suspended", "suspension began", "evacuated", "shut down", "shutdown", "was shut", "was closed", "was idled", "idled", "was mothballed", "mothballed", "care and maintenance", "stopped production", "taken offline", "went offline", "went down", "tripped", "shuttered", "curtailed", "halt began", "stoppage began", "blew out", "was taken down", "outage began", "force majeure was declared", "declared force majeure", "production stopped", "ceased production", "was stopped", "flooded", "collapsed", "caught fire", "停产", "停工", "停运", "停炉", "停机", "停槽", "暂停", "关停", "停采", "封停", "查封", "was halted", "was suspended", "were suspended",
        ],
    ),
    (
        Step::Resumed,
        &[
"restart", "restarted", "resumed", "resumption", "reopened", "came back on line", "back on stream", "back online", "back on line", "brought back", "relit", "re-lit", "fired up again", "came back", "force majeure was lifted", "lifted force majeure", "restarting", "恢复出货", "恢复供电", "恢复冶炼", "恢复采矿", "解封", "恢复正常", "came back online", "复产", "复工", "重启", "恢复生产", "恢复运营", "恢复运行", "恢复开采", "重新开工", "重新投产", "复采", "was restarted", "back in operation", "restarted production", "resumed production", "重新投运", "恢复供应",
        ],
    ),
    (
        Step::Signed,
        &[
"signed", "inked", "signing", "签下", "签定", "缔结", "签约仪式", "contract was signed", "was signed", "was concluded", "were concluded", "concluded in", "concluded on", "agreement was reached", "签署", "签订", "签约", "订立", "达成*协议", "entered into",
        ],
    ),
    (
        Step::Delivered,
        &[
"first delivery", "first vessel", "first lot", "first truckload", "first container", "first consignment", "first load", "first batch under", "loaded under", "shipped under", "sold under", "first shipments", "first deliveries", "first lots", "首车", "首列", "首批发", "第一批货", "第一船", "首批出口", "首笔交付", "首单交付", "首次交付", "first cargo", "first shipment", "first tonnes under", "first parcel", "delivered under", "were delivered", "was delivered", "首批交付", "首船", "首批发货", "首批货物", "首单发货", "交付", "交货", "first cargo*sailed", "first cargo*left", "first shipment*left", "first shipment*sailed", "first parcel*left", "首船*发运", "首批*发货", "首批*发运",
        ],
    ),
    (
        Step::Departed,
        &[
"left port", "cleared customs at", "weighed anchor", "cast off", "set off", "驶离", "离开*港", "开航", "发船", "出港", "发车", "sailed", "departed", "set sail", "was loaded", "were loaded", "loaded at", "loaded in", "cleared port", "离港", "启运", "起运", "装船", "起航", "启航", "发运", "装货", "发货", "leaving", "left the port", "离开",
        ],
    ),
    (
        Step::Arrived,
        &[
            "arrived", "made port", "was discharged", "tied up", "came alongside", "reached the port",
            "入港", "进港", "停靠", "到站", "靠港", "docked", "unloaded", "discharged", "berthed",
            "reached port", "到港", "抵港", "抵达", "卸货", "卸下", "卸船", "靠泊", "运抵", "到货",
        ],
    ),
    (
        Step::Final,
        &[
            "took effect", "final text", "final rules", "came into force", "entered into force",
            "went into effect", "became law", "passed the bill", "passed the law", "adopted the law",
            "bill was passed", "law was passed", "was enacted", "生效", "正式实施", "施行", "起实施", "印发",
            "公布", "正式办法",
        ],
    ),
    (
        Step::Announced,
        &[
            "merger was proposed", "deal was proposed", "takeover was proposed", "offer was proposed",
            "merger was announced", "deal was announced", "takeover was announced", "was announced",
            "were announced", "announced on", "announced in", "bid was made", "made its bid",
            "made an offer", "发布公告", "首次公告", "公告筹划", "宣布收购",
        ],
    ),
    (
        Step::Voted,
        &[
            "voted for", "voted on", "vote on", "shareholders approved", "shareholders backed",
            "holders approved", "holders voted", "过会", "股东会通过", "审议通过", "股东大会通过",
            "股东大会审议", "表决通过",
        ],
    ),
    (
        Step::Closed,
        &[
            "deal closed",
            "merger closed",
            "closed the deal",
            "closed the acquisition",
            "completed the acquisition",
            "completed the purchase",
            "completed its purchase",
            "acquisition closed",
            "sale closed",
            "完成交割",
            "交割",
            "完成过户",
            "过户",
            "完成收购",
        ],
    ),
    (
        Step::Declared,
        &[
            "approved the dividend",
            "proposed the dividend",
            "recommended the dividend",
            "declared a dividend",
            "dividend was declared",
            "董事会通过*分红",
            "股东大会批准*分红",
            "announced",
            "announced it",
            "declared",
            "was made public",
            "宣布",
            "宣派",
        ],
    ),
    (
        Step::PaidOut,
&["paid the dividend", "dividend was distributed", "除息", "派现", "paid its dividend", "dividend was paid", "派发", "派息", "发放股息", "paid it", "dividend was paid out", "支付股息", "分红到账", "发放分红"],
    ),
    (
        Step::Imposed,
        &[
            "ban was imposed", "imposed the ban", "ban took effect", "introduced the ban", "banned",
            "实施*禁令", "禁令*实施", "实施禁运", "开始限制",
        ],
    ),
    (
        Step::Lifted,
        &[
            "lifted", "was lifted", "ended the ban", "scrapped the ban", "revoked", "解除", "取消", "废止",
            "解禁",
        ],
    ),
    (
        Step::Struck,
        &[
            "walkout began", "stoppage began", "strike began", "strike at", "went on strike", "walked out",
            "downed tools", "开始罢工", "罢工",
        ],
    ),
    (
        Step::Returned,
        &[
            "returned to work", "strike ended", "went back to work", "ended the strike", "结束罢工",
            "恢复上班", "罢工结束",
        ],
    ),
    (Step::Suspended, &["停牌", "trading was suspended", "shares were suspended", "trading halt"]),
    (Step::Relisted, &["复牌", "trading resumed", "shares resumed"]),
    (Step::Ordered, &["ordered", "placed the order", "was ordered", "下单", "订购"]),
    (Step::Received, &["took delivery", "received the", "收货", "到货"]),
    (
        Step::Founded,
        &[
            "was founded", "founded", "incorporated", "was incorporated", "established in", "注册成立",
            "创立", "创办", "组建", "was established", "was set up", "成立", "设立",
        ],
    ),
    (
        Step::Listed,
        &[
            "listed in", "listing in", "made its debut", "debuted", "was listed", "shares began trading",
            "began trading", "首次公开发行", "登陆", "listed on", "went public", "floated", "上市", "挂牌",
        ],
    ),
    (Step::Sued, &["sued", "lawsuit", "filed suit", "起诉", "提起诉讼", "立案"]),
    (Step::Heard, &["heard the case", "hearing", "hearings", "trial began", "开庭", "听证"]),
    (Step::Ruled, &["ruled", "ruling", "verdict", "was sentenced", "判决", "宣判", "裁定", "裁决"]),
    (Step::Appealed, &["appealed", "filed an appeal", "上诉"]),
    (
        Step::Explored,
        &["exploration licence", "exploration license", "exploration permit", "探矿权", "完成钻探", "普查"],
    ),
    (
        Step::Estimated,
        &["maiden resource", "resource was declared", "储量报告", "资源量估算", "资源储量评审", "储量评审"],
    ),
    (
        Step::Tendered,
        &[
"tender was opened", "tender opened", "tender had opened", "tender was launched", "tender was issued", "issued the tender", "opened the tender", "invitation to tender", "挂网招标", "招标", "called for bids", "invited bids", "launched the tender", "招标公告", "发布*招标", "启动招标", "开始招标", "tender was announced",
        ],
    ),
    (
        Step::Awarded,
&["was awarded", "were awarded", "tender closed", "closed its tender", "tender was awarded", "winner was named", "named the winner", "awarded to", "开标", "授标", "awarded the", "won the tender", "公布中标", "中标结果", "中标", "定标", "awarded"],
    ),
    (
        Step::Opened,
        &[
            "initiated the investigation",
            "initiated an investigation",
            "initiated its investigation",
            "began its investigation",
            "began an investigation",
            "opened the case",
            "case was opened",
            "started an investigation",
            "probe began",
            "investigation began",
            "investigation opened",
            "opened its investigation",
            "opened the investigation",
            "opened an inquiry",
            "launched the investigation",
            "opened an investigation",
            "investigation was launched",
            "investigation was opened",
            "probe was launched",
            "launched a probe",
            "opened a probe",
            "发起*调查",
            "启动*调查",
            "立案调查",
        ],
    ),
    (
        Step::Imposed,
        &[
"final determination", "provisional duties", "provisional duty", "provisional tariff", "provisional tax", "preliminary determination", "preliminary duties", "anti-dumping duties took effect", "初裁", "征收", "加征", "起征", "definitive duties", "duties were imposed", "imposed definitive", "imposed anti-dumping", "imposed duties", "作出终裁", "终裁", "最终裁定", "开始征收", "final duty", "final duties", "imposed the duty",
        ],
    ),
    (Step::Published, &["公布全文", "全文公布", "公布正文", "published the text", "was gazetted", "刊登"]),
];

/// Steps of one event, each of which is possible only after those before it.
pub(super) const ORDER: &[&[Step]] = &[
    &[Step::Applied, Step::Approved, Step::Paid],
    &[Step::Approved, Step::Begun, Step::Built, Step::Produced],
    &[Step::Halted, Step::Resumed],
    &[Step::Signed, Step::Delivered],
    &[Step::Signed, Step::Closed],
    &[Step::Announced, Step::Voted, Step::Closed],
    &[Step::Drafted, Step::Published, Step::Final],
    &[Step::Departed, Step::Arrived],
    &[Step::Sued, Step::Heard, Step::Ruled, Step::Appealed],
    &[Step::Tendered, Step::Awarded],
    &[Step::Declared, Step::PaidOut],
    &[Step::Declared, Step::Final],
    &[Step::Imposed, Step::Lifted],
    &[Step::Struck, Step::Returned],
    &[Step::Suspended, Step::Relisted],
    &[Step::Ordered, Step::Received],
    &[Step::Ordered, Step::Delivered],
    &[Step::Founded, Step::Listed],
    &[Step::Opened, Step::Imposed],
];

/// Steps that usually follow each other, though the other order is possible too.
pub(super) const USUAL: &[&[Step]] = &[
    &[Step::Explored, Step::Estimated, Step::Begun],
    &[Step::Signed, Step::Approved],
    &[Step::Signed, Step::Begun],
    &[Step::Approved, Step::Departed],
    &[Step::Awarded, Step::Signed],
    &[Step::Produced, Step::Delivered],
    &[Step::Built, Step::Delivered],
    &[Step::Approved, Step::Delivered],
    &[Step::Departed, Step::Delivered],
    &[Step::Announced, Step::Signed],
    &[Step::Begun, Step::Delivered],
];

/// True if the second step comes only after the first, by one of these orders.
pub(super) fn is_before(orders: &[&[Step]], early: Step, late: Step) -> bool {
    orders.iter().any(|chain| {
        let place = |step: Step| chain.iter().position(|known| *known == step);
        place(early).zip(place(late)).is_some_and(|(early, late)| early < late)
    })
}
