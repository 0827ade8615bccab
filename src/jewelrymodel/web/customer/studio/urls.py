"""Addresses of the studio."""

from django.urls import path

from jewelrymodel.web.customer.studio import (
    batch,
    batch_approval,
    batch_order,
    batch_purchase,
    corrections,
    credit_purchase,
    look_previews,
    new_generation,
    packshot,
    photos,
    same_photo,
    tasks,
)

urlpatterns = [
    path("studio", photos.studio, name="studio"),
    path("studio/again", same_photo.same_photo, name="same_photo"),
    path("studio/batches", batch.batches, name="batches"),
    path("studio/batches/<str:batch_id>", batch.batch, name="batch"),
    path("studio/batches/<str:batch_id>/photos", batch.upload, name="batch_upload"),
    path("studio/batches/<str:batch_id>/forget", batch.forget, name="batch_forget"),
    path("studio/batches/<str:batch_id>/progress", batch.progress, name="batch_progress"),
    path("studio/batches/<str:batch_id>/cards", batch.cards, name="batch_cards"),
    path("studio/batches/<str:batch_id>/approve", batch_approval.approve, name="batch_approve"),
    path("studio/batches/<str:batch_id>/join", batch_approval.join, name="batch_join"),
    path("studio/batches/<str:batch_id>/look", batch_order.look, name="batch_look"),
    path("studio/batches/<str:batch_id>/order", batch_order.order, name="batch_order"),
    path("studio/batches/<str:batch_id>/buy", batch_purchase.buy, name="batch_buy"),
    path("studio/batches/<str:batch_id>/archive", batch_order.archive, name="batch_archive"),
    path("studio/photos/<str:photo_id>", photos.photo, name="photo"),
    path("studio/photos/<str:photo_id>/progress", photos.progress, name="photo_progress"),
    path("studio/photos/<str:photo_id>/approve", photos.approve, name="photo_approve"),
    path("studio/photos/<str:photo_id>/again", photos.cut_again, name="photo_cut_again"),
    path("studio/photos/<str:photo_id>/correct", corrections.correct, name="photo_correct"),
    path(
        "studio/photos/<str:photo_id>/correct/state",
        corrections.state,
        name="photo_correct_state",
    ),
    path("studio/photos/<str:photo_id>/picture/<str:which>", photos.picture, name="photo_picture"),
    path("studio/photos/<str:photo_id>/packshot", packshot.settings, name="photo_packshot"),
    path("studio/photos/<str:photo_id>/generate", new_generation.generate, name="photo_generate"),
    path(
        "studio/photos/<str:photo_id>/missing-credits",
        credit_purchase.missing,
        name="photo_missing_credits",
    ),
    path("studio/photos/<str:photo_id>/buy", credit_purchase.buy, name="photo_buy"),
    path(
        "studio/photos/<str:photo_id>/preview/<str:look_id>",
        look_previews.preview,
        name="photo_preview",
    ),
    path(
        "studio/photos/<str:photo_id>/preview/<str:look_id>/picture",
        look_previews.preview_picture,
        name="photo_preview_picture",
    ),
    path(
        "studio/photos/<str:photo_id>/placement/<str:look_id>",
        look_previews.placement,
        name="photo_placement",
    ),
    path("studio/photos/<str:photo_id>/wearable", look_previews.wearable, name="photo_wearable"),
    path("studio/tasks/<str:task_id>", tasks.task, name="task"),
    path("studio/tasks/<str:task_id>/progress", tasks.progress, name="task_progress"),
    path("studio/tasks/<str:task_id>/cancel", tasks.cancel, name="task_cancel"),
]
